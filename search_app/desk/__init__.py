"""What a reader keeps and comes back to: marks, citations, watches and what they found. No Flask in here."""
