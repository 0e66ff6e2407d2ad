"""What the waiting list can be asked to do: load, decide, save, say.

`filing` enters and leaves the queue; `turns` is what happens to a stream; `hearing` is what an application is told;
`asking` answers the family.
"""
