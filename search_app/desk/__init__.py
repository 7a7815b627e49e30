"""What readers keep and come back to: watches, what they found, and how that is delivered. No Flask here."""
