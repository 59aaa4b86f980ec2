"""What we decided ourselves, on both sides of each figure."""
