"""A language model of the sandbox: an OpenAI-compatible address whose answers are made by rule."""
