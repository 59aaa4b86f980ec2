"""The checks of a written order, by what they look at."""
