@data
1,two,3:a
