"""The rules of metering: values people read off a meter, whether they can stand, and consumption."""
