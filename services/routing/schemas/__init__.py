"""The HTTP bodies of routing: what is sent (`requests`) and what is answered (`answers`)."""
