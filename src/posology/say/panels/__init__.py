"""What is looked up beside the decision: published criteria, grades, medicines, exposure."""
