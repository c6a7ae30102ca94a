"""The reports as pages that work from disk: what only they need, charts and a policy that lets no request out."""
