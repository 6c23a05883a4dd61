"""Page-shaped reads of one association. Every function takes the association first: there is no read without one."""
