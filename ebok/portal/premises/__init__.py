"""The list of premises of somebody who looks after many: found, narrowed, switched to."""
