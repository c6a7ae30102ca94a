"""What people read: numbers computed here, words from `config/templates/`."""
