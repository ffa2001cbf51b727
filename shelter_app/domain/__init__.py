"""What a resident, a stay, a hearing is, and what makes one wrong: values and functions only."""
