"""Scripts that learn the bundled model. Nothing in the service imports them.

They need the ``training`` dependency group (PyTorch, scikit-learn); see the
model card in ``service/model`` for the commands.
"""
