@dimensions 2
@data
1,2:a
