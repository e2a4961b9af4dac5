@problemName x
@classLabel true a b
