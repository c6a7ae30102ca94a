"""Git and DVC behind one door: no other package runs git, reads dvc.lock or knows a path below `.dvc`."""
