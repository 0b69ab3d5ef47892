"""The console: pages for enterprises and officers, made on the server; scripts only make them quicker."""
