"""Checks rubrics against docs/rubric.schema.json: the few words of JSON Schema that it uses.
grade_schema.py SCHEMA RUBRIC...; called by tests/grade.sh."""

import json
import sys

KNOWN = {"$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties", "items",
         "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum", "anyOf", "not",
         "default", "uniqueItems", "minProperties", "maxProperties", "$ref", "$defs"}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def fits(value, schema):
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return fits(value, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "type" in schema and (not isinstance(value, TYPES[schema["type"]]) or (schema["type"] == "integer" and isinstance(value, bool))):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(fits(value, one) for one in schema["anyOf"]):
        return False
    if "not" in schema and fits(value, schema["not"]):
        return False
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        return (all(key in value for key in schema.get("required", []))
                and schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
                and all(key in known or (others is not False and fits(value[key], others)) for key in value)
                and all(fits(value[key], known[key]) for key in value if key in known))
    if isinstance(value, list):
        return (schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
                and all(fits(one, schema.get("items", {})) for one in value))
    if isinstance(value, str):
        return schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return isinstance(value, bool) or schema.get("minimum", value) <= value <= schema.get("maximum", value)


with open(sys.argv[1], encoding="utf-8") as file:
    whole = json.load(file)
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as file:
        if not fits(json.load(file), whole):
            sys.exit(f"{name} does not fit the schema")
