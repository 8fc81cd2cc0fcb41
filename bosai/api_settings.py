"""Settings of the API alone: how its requests are read, answered and described. See ui.api and bosai.api."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["office.api.callers.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],  # ui.api.resources asks the caller, for each resource
    "DEFAULT_PARSER_CLASSES": ["ui.api.parsing.Parser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ui.api.parsing.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "ui.api.schema.Operation",
    "EXCEPTION_HANDLER": "ui.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bosai",
    "DESCRIPTION": "Customers, their journeys, and the outcomes they confirm.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "AUTHENTICATION_WHITELIST": [],
    "SECURITY": [{"token": []}],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["ui.api.schema.complete"],
}
