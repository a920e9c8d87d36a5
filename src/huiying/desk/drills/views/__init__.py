"""The pages on which plans are tried."""
