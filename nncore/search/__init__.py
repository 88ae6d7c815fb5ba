"""Hyperparameter search: spaces, studies and workers around our own trainer.

Optuna proposes and keeps the books; it is loaded by the modules that use it (`study`, `worker` and
what stands on them), never by `domains`, `space`, `spec` and `records`, so that a form or a file
can be looked at without it.
"""
