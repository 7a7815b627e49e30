"""What many articles come to: counts over time, the words of a set, what parts one set from another."""
