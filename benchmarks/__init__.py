"""Speed and size of this project's index beside other engines, on the same articles and questions."""
