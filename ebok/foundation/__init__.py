"""Django without the domain: clock, ports, jobs by name, bulk COPY, limits, formats, intake of files."""
