"""How the project is put on machines: engines without containers (local), topics, images, a cluster."""
