"""Terms that do not exist, links that lead nowhere, and the terms that data uses."""
