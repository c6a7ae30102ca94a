"""Summaries by a language model: what it is told, how it is asked, and which sentences of its answers are used."""
