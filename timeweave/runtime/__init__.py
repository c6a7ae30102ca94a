"""What every stage needs: running as a script, parameters, documents, errors, progress, periods."""
