"""The decision log: kept (`log`), closed day by day and published (`closing`, `protocol`), shown (`showing`), checked
(`checking`)."""
