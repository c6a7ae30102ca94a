"""What reports are made from: the documents of a period, its work items with their time, and what is similar to them."""
