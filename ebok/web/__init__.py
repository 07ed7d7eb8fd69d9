"""Components, form fields, template tags, middleware, CSS and JS shared by the faces."""
