"""The addresses of the REST API, area by area; control/api/routes.py puts them together."""
