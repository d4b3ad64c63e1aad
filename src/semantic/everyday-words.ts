/**
 * Names of everyday things from many fields, which a class name has nothing to do with unless it is one of them. Things
 * that can be pictured, as class names are; no organ, illness, device or method of medicine. Chosen by us, one by one.
 */
export const everydayWords: readonly string[] = `
  umbrella, teapot, bicycle, mailbox, guitar, ladder, candle, hammer, blanket, suitcase, bookshelf, doorbell, pillow, lantern,
  scissors, bucket, armchair, curtain, carpet, mirror, wardrobe, kettle, toaster, frying pan, corkscrew, napkin, broom,
  clothespin, padlock, thimble, alarm clock, piggy bank, chess board, playing cards, jigsaw puzzle, kite, yo-yo, swing,
  trampoline, tennis racket, football, surfboard, skateboard, ice skates, fishing rod, tent, campfire, compass, backpack,
  postage stamp, envelope, newspaper, typewriter, pencil, notebook, chalk, paintbrush, easel, telescope, wristwatch, necklace,
  wedding ring, sunglasses, raincoat, sweater, necktie, mitten, sandal, boot, top hat, wool sock, belt buckle, zipper,
  violin, trumpet, piano, drum, harmonica, accordion, church bell, loudspeaker, radio, television, telephone, calculator,
  keyboard, printer, elevator, escalator, staircase, chimney, balcony, fireplace, garage, greenhouse, windmill, lighthouse,
  castle, cathedral, skyscraper, suspension bridge, tunnel, dam, railway station, airport, harbour, supermarket, bakery,
  library, theatre, stadium, playground, prison, post office, gas station, traffic light, parking meter, fire hydrant,
  school bus, fire engine, tractor, bulldozer, sailing boat, canoe, submarine, helicopter, hot-air balloon, steam locomotive,
  tram, motorcycle, wheelbarrow, shopping cart, anchor, volcano, waterfall, glacier, desert, island, meadow, swamp, cave,
  coral reef, rainbow, thunderstorm, snowflake, full moon, sand dune, pine cone, oak tree, cactus, sunflower, tulip, rose,
  seaweed, mushroom, haystack, vineyard, strawberry, banana, lemon, pineapple, watermelon, cherry, potato, carrot, cabbage,
  pumpkin, cucumber, onion, garlic, loaf of bread, pancake, doughnut, pizza, sandwich, spaghetti, cheese, fried egg, honey,
  chocolate, ice cream, birthday cake, coffee, lemonade, wine bottle, soup bowl, elephant, giraffe, penguin, kangaroo, camel,
  hedgehog, squirrel, owl, parrot, swan, rooster, turtle, frog, goldfish, dolphin, octopus, butterfly, honeybee, ladybird,
  spider web, horse, cow, sheep, kitten, puppy
`
  .split(',')
  .map((word) => word.trim());
