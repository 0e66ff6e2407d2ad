"""A small invented city and the people of one story, played through the public doors of the services."""
