"""Words by a language model: what it is asked, what of its answers is believed, and what is kept."""
