"""What referral can be asked, one function each: choices, issuing, reading, and what it learns from others."""
