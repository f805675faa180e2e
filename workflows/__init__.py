"""What a case may do and when things fall due: pure rules that know no web, no database and no clock on the wall."""
