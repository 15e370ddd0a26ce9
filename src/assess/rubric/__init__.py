"""What "good" means: pillars, criteria, measures, red lines, profiles and bands, as a versioned document."""
