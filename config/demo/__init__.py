"""The demo workspace: real importer, made-up owners, sandbox connections."""
