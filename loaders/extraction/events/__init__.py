"""What happened beside use: agreements, awards, projects, studies and corrections."""
