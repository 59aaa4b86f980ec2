"""What follows from an order: its preparation, its four verifications, the chair."""
