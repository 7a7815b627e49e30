"""Single sentences: which hold what is asked, what of them is quoted, and who said it."""
