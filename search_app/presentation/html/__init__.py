"""An article's markup made safe: read into tokens, marked where it matches, written again."""
