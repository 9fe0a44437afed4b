"""The OpenAPI: made of the route table and of the models that serve the requests."""
