"""Running the course: environment, server, notebooks, reports, command line."""
