"""The whole system on one machine without containers: engines, other organisations' doubles, services.

Everything lives in two folders of the project: the engines' programs in `.engines/`, and what they hold and say in
`.run/<instance>/`. Both may be removed when nothing runs.
"""
