"""What each command does, between parsed arguments and text: files in, words or JSON out. A module a reader."""
