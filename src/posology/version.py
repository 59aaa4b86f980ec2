"""The version of the code. The version of the knowledge is the edition's hash."""

VERSION = "0.1.0"
