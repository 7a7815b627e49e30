"""What the people who read an archive have in it: accounts and keys, marks, watches and what is on its way to them."""
