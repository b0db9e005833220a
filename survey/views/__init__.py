"""Pages, one package per audience: thin views over the services."""
