@classLabel true a b
@data
1,nan,3:a
