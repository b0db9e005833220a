"""What the product promises in numbers, measured; README.md has one line for each."""
