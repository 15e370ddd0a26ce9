"""Where weights come from: elicitation, learning from precedents, agreement between assessors."""
