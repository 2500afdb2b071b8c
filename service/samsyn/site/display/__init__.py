"""Terms, facts and statements as pages show them."""
