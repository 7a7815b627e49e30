"""What is made from articles and lies beside them: thrown away at will, and made again."""
