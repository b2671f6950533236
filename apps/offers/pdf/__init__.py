"""The printed offer: plain data -> HTML (trusted template) -> PDF (confined child process)."""
